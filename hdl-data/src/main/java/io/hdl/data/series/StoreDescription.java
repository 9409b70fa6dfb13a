package io.hdl.data.series;

import io.hdl.core.provenance.DataProvenance;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a store file says of itself beside index and values, as bytes: a plain sequence of numbers
 * and texts, read without any library.
 *
 * @param key the {@link StoreKey} in full
 * @param segments bytes of each segment
 * @param series number of series
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record StoreDescription(
    String key,
    TimeAxis axis,
    List<Channel> channels,
    List<Constant> constants,
    List<KeyBytes.Part> parts,
    int series,
    int[] segments,
    DataProvenance provenance,
    Map<String, String> facts,
    List<String> warnings,
    CommitMark commit) {

  @SuppressWarnings("JavaInstantGetSecondsGetNano") // both are written
  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      text(out, key);
      text(out, axis.frequency().name());
      text(out, axis.unit().name());
      out.writeLong(axis.phase());
      out.writeInt(axis.dayOfMonth());
      out.writeInt(channels.size());
      for (Channel channel : channels) {
        text(out, channel.name());
        text(out, channel.role().name());
        text(out, channel.kind().name());
        texts(out, channel.categories());
      }
      out.writeInt(constants.size());
      for (Constant constant : constants) {
        text(out, constant.name());
        text(out, constant.kind().name());
        texts(out, constant.categories());
      }
      texts(out, parts.stream().map(KeyBytes.Part::name).toList());
      out.writeInt(series);
      out.writeInt(segments.length);
      for (int segment : segments) {
        out.writeInt(segment);
      }
      text(out, provenance.name());
      text(out, provenance.uri());
      out.writeLong(provenance.version());
      out.writeLong(provenance.timestamp().getEpochSecond());
      out.writeInt(provenance.timestamp().getNano());
      text(out, provenance.tableId());
      texts(out, provenance.columns());
      map(out, provenance.specification());
      out.writeLong(provenance.rows());
      out.writeLong(provenance.files());
      map(out, facts);
      texts(out, warnings);
      out.writeLong(commit.bytes());
      out.writeLong(commit.modified());
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #bytes} wrote.
   *
   * @throws RuntimeException if it is anything else
   */
  static StoreDescription of(ByteBuffer in) {
    String key = text(in);
    Frequency frequency = Frequency.valueOf(text(in));
    TimeAxis.Unit unit = TimeAxis.Unit.valueOf(text(in));
    TimeAxis axis = TimeAxis.of(frequency, unit, in.getLong(), in.getInt());
    List<Channel> channels = new ArrayList<>();
    for (int left = in.getInt(); left > 0; left--) {
      channels.add(
          new Channel(
              text(in), Channel.Role.valueOf(text(in)), Channel.Kind.valueOf(text(in)), texts(in)));
    }
    List<Constant> constants = new ArrayList<>();
    for (int left = in.getInt(); left > 0; left--) {
      constants.add(new Constant(text(in), Channel.Kind.valueOf(text(in)), texts(in)));
    }
    List<KeyBytes.Part> parts = new ArrayList<>();
    for (String part : texts(in)) {
      parts.add(KeyBytes.Part.valueOf(part));
    }
    int series = in.getInt();
    int[] segments = new int[in.getInt()];
    for (int i = 0; i < segments.length; i++) {
      segments[i] = in.getInt();
    }
    DataProvenance provenance =
        new DataProvenance(
            text(in),
            text(in),
            in.getLong(),
            Instant.ofEpochSecond(in.getLong(), in.getInt()),
            text(in),
            texts(in),
            map(in),
            in.getLong(),
            in.getLong());
    return new StoreDescription(
        key,
        axis,
        channels,
        constants,
        parts,
        series,
        segments,
        provenance,
        map(in),
        texts(in),
        new CommitMark(in.getLong(), in.getLong()));
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void texts(DataOutputStream out, List<String> texts) throws IOException {
    out.writeInt(texts.size());
    for (String text : texts) {
      text(out, text);
    }
  }

  private static List<String> texts(ByteBuffer in) {
    List<String> texts = new ArrayList<>();
    for (int left = in.getInt(); left > 0; left--) {
      texts.add(text(in));
    }
    return texts;
  }

  private static void map(DataOutputStream out, Map<String, String> map) throws IOException {
    out.writeInt(map.size());
    for (Map.Entry<String, String> entry : map.entrySet()) {
      text(out, entry.getKey());
      text(out, entry.getValue());
    }
  }

  private static Map<String, String> map(ByteBuffer in) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int left = in.getInt(); left > 0; left--) {
      map.put(text(in), text(in));
    }
    return map;
  }
}
