package io.hdl.data.hostile;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import shaded.parquet.org.apache.thrift.TBase;
import shaded.parquet.org.apache.thrift.TFieldIdEnum;
import shaded.parquet.org.apache.thrift.meta_data.FieldMetaData;

/** Changes one field, anywhere below a Thrift structure, to a value that its type allows. */
@SuppressWarnings({"unchecked", "rawtypes"})
final class ThriftMutation {
  private record Place(TBase structure, TFieldIdEnum field) {}

  private static final long[] EXTREMES = {
    0,
    1,
    -1,
    2,
    7,
    127,
    255,
    65_535,
    1 << 20,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Integer.MAX_VALUE - 8L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1L << 32,
    1L << 40
  };

  private ThriftMutation() {}

  /** Changes one field; says which, and how. */
  static String apply(TBase structure, Random random) {
    List<Place> places = new ArrayList<>();
    collect(structure, places);
    while (true) {
      Place place = places.get(random.nextInt(places.size()));
      Object old = place.structure.getFieldValue(place.field);
      Object changed = random.nextInt(12) == 0 ? null : changed(old, random);
      if (changed == null) {
        place.structure.setFieldValue(place.field, null);
      } else if (changed.equals(old)) {
        continue;
      } else {
        place.structure.setFieldValue(place.field, changed);
      }
      return place.structure.getClass().getSimpleName()
          + "."
          + place.field.getFieldName()
          + (old instanceof Number ? ": " + old + " -> " + changed : "");
    }
  }

  private static void collect(TBase structure, List<Place> places) {
    Map<TFieldIdEnum, FieldMetaData> fields =
        FieldMetaData.getStructMetaDataMap((Class) structure.getClass());
    for (TFieldIdEnum field : fields.keySet()) {
      if (structure.isSet(field)) {
        places.add(new Place(structure, field));
        Object value = structure.getFieldValue(field);
        if (value instanceof TBase inner) {
          collect(inner, places);
        } else if (value instanceof List<?> list) {
          for (Object each : list) {
            if (each instanceof TBase inner) {
              collect(inner, places);
            }
          }
        }
      }
    }
  }

  private static @Nullable Object changed(Object value, Random random) {
    if (value instanceof Integer number) {
      return (int) changed((long) number, random);
    }
    if (value instanceof Long number) {
      return changed((long) number, random);
    }
    if (value instanceof Short number) {
      return (short) changed((long) number, random);
    }
    if (value instanceof Byte number) {
      return (byte) changed((long) number, random);
    }
    if (value instanceof Boolean flag) {
      return !flag;
    }
    if (value instanceof Enum<?> constant) {
      Object[] all = constant.getDeclaringClass().getEnumConstants();
      return all[random.nextInt(all.length)];
    }
    if (value instanceof String text) {
      return text(text, random);
    }
    if (value instanceof byte[] bytes) {
      byte[] other = bytes.clone();
      if (other.length > 0) {
        other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(8));
      }
      return other;
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] other = new byte[buffer.remaining()];
      random.nextBytes(other);
      return other;
    }
    if (value instanceof List<?> list) {
      return list(list, random);
    }
    if (value instanceof Set<?> || value instanceof Map<?, ?>) {
      return value;
    }
    // A structure: its own fields are places of their own; here it goes.
    return null;
  }

  private static long changed(long value, Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> value + 1;
      case 1 -> value - 1;
      case 2 -> value ^ 1L << random.nextInt(64);
      case 3 -> random.nextInt(2 * (int) Math.max(1, Math.min(Math.abs(value), 1 << 20)));
      default -> EXTREMES[random.nextInt(EXTREMES.length)];
    };
  }

  private static String text(String text, Random random) {
    if (text.isEmpty() || random.nextInt(4) == 0) {
      return text + "z";
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(5));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static List<?> list(List<?> list, Random random) {
    List<Object> other = new ArrayList<>(list);
    if (!other.isEmpty()) {
      int at = random.nextInt(other.size());
      switch (random.nextInt(4)) {
        case 0 -> other.remove(at);
        case 1 -> other.add(other.get(at));
        case 2 -> other.clear();
        default -> other.add(other.remove(at));
      }
    }
    return other;
  }
}
