/** The commands that are clients of a broker, and what all commands have in common. */
package io.leat.cli.command;
