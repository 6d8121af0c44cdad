/** Consumer groups under members that join, leave, crash and come back. */
package io.leat.tests.groups;
