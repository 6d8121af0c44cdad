/** The {@code leat} command: {@link io.leat.cli.Main} finds the subcommand and runs it. */
package io.leat.cli;
