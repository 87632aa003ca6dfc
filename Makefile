# 工约 Gongyue. `make help` lists the commands.
VENV ?= .venv
BIN := $(VENV)/bin
export VENV

.DEFAULT_GOAL := help
.PHONY: help run test system-deps bench demo lint fix migration lock client clean

help: ## 显示本帮助 / show this help
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

run: $(VENV)/.run.ok ## 启动平台与沙箱 / start everything (PORT=8000, SANDBOX=0 without the sandbox)
	@exec $(BIN)/python -m app.supervisor

test: ## 全部检查与测试 / every check and test
	@$(MAKE) --no-print-directory -j2 system-deps $(VENV)/.dev.ok
	@exec tools/test

system-deps:
	@tools/system-deps

bench: $(VENV)/.dev.ok ## 性能基准 / benchmarks, printed as ratios
	@exec $(BIN)/python -m benchmarks

demo: $(VENV)/.run.ok ## 走完一份合同 / one contract from upload to signed PDF (OUT=demo.pdf)
	@exec $(BIN)/python -m benchmarks.demo --out "$(or $(OUT),demo.pdf)"

lint: $(VENV)/.dev.ok ## 只做静态检查 / linters and types only
	@exec tools/test --lint-only

fix: $(VENV)/.dev.ok ## 自动修正格式 / repair style
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

migration: $(VENV)/.dev.ok ## 生成数据库迁移 / write a migration (m="add seal table")
	@exec tools/migration "$(m)"

lock: $(VENV)/.dev.ok ## 重新锁定依赖 / pin the requirements again
	@exec tools/lock

client: ## 构建手机端 / build the H5 client (needs Node.js 20)
	@exec tools/client

clean: ## 删除环境与缓存，保留 var/ / remove environment and caches, keep var/
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './clients/*' -prune -exec rm -rf {} +

$(VENV)/.run.ok: requirements.txt tools/uv.txt tools/build.txt tools/venv
	@tools/venv $(VENV) requirements.txt
	@touch $@

$(VENV)/.dev.ok: requirements.txt requirements-dev.txt tools/uv.txt tools/build.txt tools/venv
	@tools/venv $(VENV) requirements.txt requirements-dev.txt
	@touch $@ $(VENV)/.run.ok
