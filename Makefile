# Each target is the step of .ci/run of the same name.
.PHONY: ci test format vet lint tidy race examples fuzz kill browser run

ci:
	.ci/run

test format vet lint tidy race examples fuzz kill browser:
	.ci/run $@

# Serves the help desk example.
run:
	go run ./examples/helpdesk
