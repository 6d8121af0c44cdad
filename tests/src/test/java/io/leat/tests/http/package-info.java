/** Health and metrics of a running server. */
package io.leat.tests.http;
