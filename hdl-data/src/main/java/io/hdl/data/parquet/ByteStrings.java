package io.hdl.data.parquet;

/** Byte strings within one array: what a page of them gives, some at a time. */
final class ByteStrings {
  byte[] bytes = new byte[0];
  final int[] offsets = new int[Values.BLOCK];
  final int[] lengths = new int[Values.BLOCK];
}
