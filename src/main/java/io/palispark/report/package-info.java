/** Pages that open from disk: no server, no script from elsewhere, all foreign text escaped. */
package io.palispark.report;
