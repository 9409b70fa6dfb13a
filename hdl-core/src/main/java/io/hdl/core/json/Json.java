package io.hdl.core.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.Map;

/**
 * Writes and reads JSON: records, maps, lists, strings, numbers, booleans, {@code Optional} and
 * {@code java.time} values (ISO 8601). Unknown fields are ignored, so that a newer writer does not
 * break an older reader. Numbers that are not finite are written as strings. Thread-safe.
 */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private static final JsonMapper EXACT =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private Json() {}

  /** The value as indented JSON, for files that people read. */
  public static String writePretty(Object value) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw unwritable(value, e);
    }
  }

  /** The value as JSON on one line. */
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw unwritable(value, e);
    }
  }

  /**
   * Reads a value of a type.
   *
   * @param what what is read, for the error message: a path or an address
   * @throws HdlException with {@link ErrorCode#CORRUPT_DATA} if the text is not such a value
   */
  public static <T> T read(String json, Class<T> type, String what) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw unreadable(what, e);
    }
  }

  /**
   * Reads an object as nested maps, lists, strings, numbers and booleans.
   *
   * @param what what is read, for the error message: a path or an address
   * @throws HdlException with {@link ErrorCode#CORRUPT_DATA} if the text is not a JSON object
   */
  public static Map<String, Object> readObject(String json, String what) {
    try {
      return MAPPER.readValue(json, new TypeReference<Map<String, Object>>() {});
    } catch (JsonProcessingException e) {
      throw unreadable(what, e);
    }
  }

  /**
   * Reads an object as {@link #readObject} does, but numbers with a fraction or an exponent as
   * {@code BigDecimal} with all their digits, not as {@code Double}.
   *
   * @param what what is read, for the error message: a path or an address
   * @throws HdlException with {@link ErrorCode#CORRUPT_DATA} if the text is not a JSON object
   */
  public static Map<String, Object> readExactObject(String json, String what) {
    try {
      Map<String, Object> found =
          EXACT.readValue(json, new TypeReference<Map<String, Object>>() {});
      return found == null ? Map.of() : found;
    } catch (JsonProcessingException e) {
      throw unreadable(what, e);
    }
  }

  private static HdlException unwritable(Object value, JsonProcessingException e) {
    return new HdlException(
        ErrorCode.INTERNAL,
        "Cannot write a " + value.getClass().getName() + " as JSON: " + e.getOriginalMessage(),
        e);
  }

  private static HdlException unreadable(String what, JsonProcessingException e) {
    return new HdlException(
        ErrorCode.CORRUPT_DATA,
        "Cannot read "
            + what
            + " as JSON: "
            + e.getOriginalMessage()
            + ". Restore the file or remove it.",
        e);
  }
}
