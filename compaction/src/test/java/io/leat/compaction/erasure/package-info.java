/** Erasure by key, on logs of real files. */
package io.leat.compaction.erasure;
