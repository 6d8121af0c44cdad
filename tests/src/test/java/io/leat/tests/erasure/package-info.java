/** Erasure by key while others read and write, and while the broker is killed. */
package io.leat.tests.erasure;
