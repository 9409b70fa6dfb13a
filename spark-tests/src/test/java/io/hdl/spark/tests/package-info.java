/**
 * Reads tables that Spark wrote, with random schemas, settings and histories, and compares every
 * version with what Spark itself reads from it. Spark runs in a process of its own.
 */
@NullMarked
package io.hdl.spark.tests;

import org.jspecify.annotations.NullMarked;
