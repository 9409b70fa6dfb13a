package io.hdl.train.parallel;

/** In which number format a training computes; weights are always kept in float32. */
public enum Precision {
  /** IEEE single precision throughout. */
  FLOAT32,
  /** Matrix products of float32 numbers with 10 bits of mantissa, on GPUs since Ampere. */
  TF32,
  /** Forward and backward in bfloat16. */
  BFLOAT16,
  /** Forward and backward in half precision. */
  FLOAT16
}
