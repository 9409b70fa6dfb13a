package io.hdl.data.parquet;

import org.apache.parquet.format.Encoding;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/** Which decoder takes which encoding of which type. */
final class ValueDecoders {
  private static final int INT96_BYTES = 12;

  private ValueDecoders() {}

  /** Whether values in this encoding are decoded at all. */
  static boolean knows(@Nullable Encoding encoding) {
    return encoding != null
        && switch (encoding) {
          case PLAIN,
              PLAIN_DICTIONARY,
              RLE_DICTIONARY,
              RLE,
              BIT_PACKED,
              DELTA_BINARY_PACKED,
              DELTA_LENGTH_BYTE_ARRAY,
              DELTA_BYTE_ARRAY,
              BYTE_STREAM_SPLIT ->
              true;
        };
  }

  /**
   * A decoder of values that do not stand in a dictionary.
   *
   * @throws CorruptPage if the type is never encoded like that
   */
  static Values of(@Nullable Encoding encoding, PrimitiveType type) {
    PrimitiveTypeName physical = type.getPrimitiveTypeName();
    Values found = encoding == null ? null : find(encoding, physical, type.getTypeLength());
    if (found == null) {
      throw new CorruptPage("a page of " + physical + " values is encoded as " + encoding);
    }
    return found;
  }

  private static @Nullable Values find(Encoding encoding, PrimitiveTypeName type, int length) {
    return switch (encoding) {
      case PLAIN ->
          switch (type) {
            case BOOLEAN -> BooleanValues.plain();
            case INT32 -> new PlainValues.Ints();
            case INT64 -> new PlainValues.Longs();
            case FLOAT -> new PlainValues.Floats();
            case DOUBLE -> new PlainValues.Doubles();
            case BINARY -> new ByteValues.Plain();
            case FIXED_LEN_BYTE_ARRAY -> new ByteValues.Fixed(length);
            case INT96 -> new ByteValues.Fixed(INT96_BYTES);
          };
      case RLE -> type == PrimitiveTypeName.BOOLEAN ? BooleanValues.runs() : null;
      case DELTA_BINARY_PACKED ->
          type == PrimitiveTypeName.INT32 || type == PrimitiveTypeName.INT64
              ? new DeltaValues()
              : null;
      case DELTA_LENGTH_BYTE_ARRAY ->
          type == PrimitiveTypeName.BINARY ? new ByteValues.DeltaLength() : null;
      case DELTA_BYTE_ARRAY ->
          switch (type) {
            case BINARY -> new DeltaStrings(0);
            case FIXED_LEN_BYTE_ARRAY -> new DeltaStrings(length);
            default -> null;
          };
      case BYTE_STREAM_SPLIT ->
          switch (type) {
            case INT32, FLOAT -> new SplitValues(Integer.BYTES);
            case INT64, DOUBLE -> new SplitValues(Long.BYTES);
            case FIXED_LEN_BYTE_ARRAY -> new SplitValues(length);
            default -> null;
          };
      case PLAIN_DICTIONARY, RLE_DICTIONARY, BIT_PACKED -> null;
    };
  }
}
