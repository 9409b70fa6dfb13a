package io.hdl.data.storage;

import java.net.ProtocolException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which bytes of an object an answer holds (RFC 9110, section 14.4).
 *
 * @param from the first one
 * @param length how many
 * @param objectSize the length of the object
 */
record ContentRange(long from, long length, long objectSize) {
  private static final Pattern BYTES =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})", Pattern.CASE_INSENSITIVE);

  static ContentRange parse(String value) throws ProtocolException {
    Matcher matcher = BYTES.matcher(value.strip());
    if (matcher.matches()) {
      long from = Long.parseLong(matcher.group(1));
      long last = Long.parseLong(matcher.group(2));
      long size = Long.parseLong(matcher.group(3));
      if (from <= last && last < size) {
        return new ContentRange(from, last - from + 1, size);
      }
    }
    throw new ProtocolException("Content-Range: \"" + value + "\"");
  }
}
