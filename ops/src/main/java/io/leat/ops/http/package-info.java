/**
 * The HTTP server: health, metrics and an index page. The only package that names the HTTP library.
 */
package io.leat.ops.http;
