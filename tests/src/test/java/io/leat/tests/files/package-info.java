/** What lies on the disk, seen by tools that are not ours. */
package io.leat.tests.files;
