/** The command as users get it: the launcher script, and what the README shows. */
package io.leat.tests.launcher;
