# The same commands as dev.py, for hands that type make. `make run PORT=8001`, `make test ARGS="-k progress"`
.PHONY: run test lint setup

run:
	python3 dev.py run --port $(or $(PORT),8000)

test:
	python3 dev.py test $(ARGS)

lint setup:
	python3 dev.py $@
