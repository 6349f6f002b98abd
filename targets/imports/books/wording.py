"""Words that workbooks of ours carry and that reading them back must know. Pure: a child process imports it too."""

NOT_APPLICABLE = "Không áp dụng"
STT, CODE, CONTENT, UNIT_OF_MEASURE, NOTE = "STT", "Mã số liệu", "Nội dung", "ĐVT", "Ghi chú"
THIS_PERIOD, LAST_PERIOD = "Số liệu kỳ này", "Số kỳ trước"
AGENCY_CODE, AGENCY, STATUS = "Mã cơ quan", "Đơn vị", "Trạng thái"
# The column beside a table, and the sheet before all others, that say what is wrong: never read as data.
FAULTS = "Lỗi"
FAULT_LIST_TITLE = "Những chỗ cần sửa trong tệp"
