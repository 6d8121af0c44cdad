/** The rules of the house, held by the build. */
package io.leat.tests.architecture;
