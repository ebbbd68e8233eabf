/** The commands: arguments in, exit codes out; each runs one job. */
package io.palispark.cli;
