// A trend against its pace, from the JSON beside the canvas. The table beneath holds the same numbers.

const number = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 1 });
const colours = getComputedStyle(document.documentElement);
const ink = (name) => colours.getPropertyValue(`--kn-${name}`).trim();
const YEAR = 365.25 * 24 * 3600 * 1000;

// Downwards, so that nothing looks reached that is not: 89,96 % is 89,9 %, a forecast of 799,75 is 799.
const spell = (value, percent) => (percent ? `${number.format(Math.trunc(value * 10 + 1e-6) / 10)}\u00a0%` : number.format(Math.floor(value)));
const spot = ([day, value, name]) => ({ x: Date.parse(day), y: value, name });
const january = (year) => Date.UTC(year, 0, 1);

function lines(data) {
  const [from, to, low, high] = (data.forecast ?? []).map(spot);
  const ahead = { borderColor: ink("data"), borderDash: [6, 4], pointRadius: 0, borderWidth: 2 };
  const band = { pointRadius: 0, borderWidth: 0, backgroundColor: "rgba(52, 80, 126, 0.12)" };
  const dated = new Set(data.milestones.map(([day]) => Date.parse(day)));
  const pace = data.pace.map(spot);
  return [
    { label: "Đã đạt", data: data.reached.map(spot), borderColor: ink("data"), backgroundColor: ink("data"), borderWidth: 2.5, pointRadius: 2.5, spanGaps: true },
    { label: "Lộ trình", data: pace, borderColor: ink("ink-2"), backgroundColor: "#fff", borderDash: [2, 3], borderWidth: 1.5, pointStyle: "rectRot", pointRadius: pace.map((one) => (dated.has(one.x) ? 5 : 0)) },
    ...(from ? [
      { label: "Dự báo", data: [from, to], ...ahead },
      { label: "Dự báo thấp", data: [from, low], ...band, fill: "+1" },
      { label: "Dự báo cao", data: [from, high], ...band },
    ] : []),
  ];
}

const ENDS = { "Đã đạt": "Đã đạt", "Lộ trình": "Đích", "Dự báo": "Dự báo" }; // a dated target is where its pace ends

// The lines' names at their ends: shorter to read than a legend, and they stay apart in grey.
const endLabels = {
  id: "endLabels",
  afterDatasetsDraw(chart, _args, { percent }) {
    const { ctx } = chart;
    ctx.font = `500 12px ${colours.getPropertyValue("--bs-body-font-family")}`;
    const labels = chart.data.datasets
      .map((set, n) => ({ set, end: chart.getDatasetMeta(n).data.findLast((_point, at) => set.data[at]?.y != null), value: set.data.findLast((one) => one?.y != null)?.y }))
      .filter(({ set, end }) => end && ENDS[set.label])
      .sort((one, other) => one.end.y - other.end.y);
    let free = -Infinity;
    for (const { set, end, value } of labels) {
      const y = Math.max(end.y, free);
      free = y + 15;
      const text = `${ENDS[set.label]} ${spell(value, percent)}`;
      const inside = end.x < chart.chartArea.right - 4; // below the line that goes on from here
      const place = [end.x + (inside ? 6 : 9), y + (inside ? 16 : 0)];
      ctx.textBaseline = "middle";
      ctx.lineWidth = 4;
      ctx.strokeStyle = "#fff";
      ctx.strokeText(text, ...place);
      ctx.fillStyle = set.borderColor;
      ctx.fillText(text, ...place);
    }
  },
};

function scales(data) {
  const days = [...data.reached, ...data.pace].map(([day]) => Date.parse(day));
  return {
    x: {
      type: "linear",
      min: january(new Date(Math.min(...days)).getUTCFullYear()),
      max: Math.max(...days),
      grid: { display: false },
      afterBuildTicks: (axis) => {
        const first = new Date(axis.min).getUTCFullYear(), last = new Date(axis.max).getUTCFullYear();
        axis.ticks = Array.from({ length: last - first + 1 }, (_, n) => ({ value: january(first + n) }));
      },
      ticks: { callback: (value) => new Date(value + YEAR / 100).getUTCFullYear(), maxRotation: 0, autoSkipPadding: 12 },
    },
    y: { beginAtZero: true, grid: { color: ink("line") }, border: { display: false }, ticks: { callback: (value) => spell(value, data.percent), maxTicksLimit: 6 } },
  };
}

function bars(data) {
  return {
    type: "bar",
    data: { labels: data.reached.map(([, , name]) => name.replace("6 tháng ", "").split(" năm ")), datasets: [{ label: "Trong kỳ", data: data.reached.map(([, value]) => value), backgroundColor: ink("data"), maxBarThickness: 36 }] },
    scales: { x: { grid: { display: false } }, y: scales(data).y },
  };
}

function draw(canvas) {
  window.Chart.defaults.font.family = colours.getPropertyValue("--bs-body-font-family");
  window.Chart.defaults.color = ink("ink-2");
  const data = JSON.parse(document.getElementById(canvas.dataset.trend).textContent);
  const asked = data.bars ? bars(data) : { type: "line", data: { datasets: lines(data) }, scales: scales(data) };
  const plugins = {
    legend: { display: false },
    endLabels: { percent: data.percent },
    tooltip: {
      filter: (item) => item.raw !== null && !item.dataset.label.startsWith("Dự báo "),
      callbacks: {
        title: ([item]) => item?.raw?.name || (data.bars ? data.reached[item?.dataIndex][2] : item && new Date(item.raw.x).toLocaleDateString("vi-VN", { timeZone: "UTC" })),
        label: (item) => `${item.dataset.label}: ${spell(item.parsed.y, data.percent)}`,
      },
    },
  };
  canvas.closest("[hidden]").hidden = false;
  const chart = new window.Chart(canvas, {
    type: asked.type,
    data: asked.data,
    options: { scales: asked.scales, plugins, animation: false, maintainAspectRatio: false, layout: { padding: { top: 8, right: data.bars ? 0 : 96 } }, interaction: { mode: "nearest", intersect: false } },
    plugins: data.bars ? [] : [endLabels],
  });
  window.addEventListener("beforeprint", () => chart.resize());
  window.addEventListener("afterprint", () => chart.resize());
}

document.fonts.ready.then(() => document.querySelectorAll("canvas[data-trend]").forEach(draw));
