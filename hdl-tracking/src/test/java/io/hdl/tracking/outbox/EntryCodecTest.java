package io.hdl.tracking.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EntryCodecTest {
  static Stream<Object> entries() {
    Path file = Path.of("/data/größe.bin");
    return Stream.of(
        new Item.Metric("größe/🚀", -0.0, Long.MAX_VALUE, Long.MIN_VALUE),
        new Item.Metric("nan", Double.NaN, 1, 2),
        new Item.Metric("inf", Double.NEGATIVE_INFINITY, 1, 2),
        new Item.Param("p", ""),
        new Item.Tag("t", "v".repeat(100_000)),
        new Item.Input("n", "d", "delta_table", "{\"path\":1}", "{}", Map.of("a", "b", "c", "")),
        new Item.Upload("a/b", file),
        new Item.Upload("a", file, Optional.of(new FilePrint(7, 8, Optional.empty()))),
        new Item.Upload("a", file, Optional.of(new FilePrint(7, 8, Optional.of("ab12")))),
        new Item.Model("m", file, Optional.empty()),
        new Item.Model(
            "m",
            file,
            Optional.of(
                new Item.Registration("r", List.of("champion", "x"), Map.of("gate", "PASSED")))),
        new Item.End(Item.EndStatus.KILLED, 5),
        new RunStart("0a".repeat(16), Optional.of("1".repeat(32)), "e", "n", "u", 3),
        new RunStart("0a".repeat(16), Optional.empty(), "e", "n", "u", 3));
  }

  @ParameterizedTest
  @MethodSource("entries")
  void readsWhatItWrote(Object entry) {
    ByteBuffer bytes = written(entry);
    assertThat(Frames.at(bytes, 0)).isEqualTo(Frames.Found.RECORD);
    assertThat(Frames.size(bytes, 0)).isEqualTo(bytes.limit());
    assertThat(EntryCodec.run(bytes, 0)).isEqualTo(17);
    assertThat(EntryCodec.read(bytes, 0)).contains(entry);
  }

  @ParameterizedTest
  @MethodSource("entries")
  void noticesEveryFlippedBitAndEveryMissingByte(Object entry) {
    ByteBuffer bytes = written(entry);
    int checked = Math.min(bytes.limit(), 300);
    for (int at = 0; at < checked; at++) {
      byte right = bytes.get(at);
      bytes.put(at, (byte) (right ^ (1 << at % 8)));
      assertThat(Frames.at(bytes, 0)).isNotEqualTo(Frames.Found.RECORD);
      bytes.put(at, right);
    }
    for (int end = 1; end < checked; end++) {
      ByteBuffer torn = Frames.buffer(end).put(bytes.slice(0, end)).flip();
      assertThat(Frames.at(torn, 0)).isEqualTo(Frames.Found.UNFINISHED);
    }
  }

  @Test
  void leavesOutWhatItDoesNotKnow() {
    RecordBuffer out = new RecordBuffer(64);
    out.begin(1).text("of a later release").end((byte) 99);
    assertThat(EntryCodec.read(bytes(out), 0)).isEmpty();
    out.clear();
    out.begin(1).number(5).text("PAUSED").end(EntryCodec.END);
    assertThat(EntryCodec.read(bytes(out), 0)).isEmpty();
    out.clear();
    out.begin(1).number(5).end(EntryCodec.METRIC);
    assertThat(EntryCodec.read(bytes(out), 0)).isEmpty();
  }

  private static ByteBuffer written(Object entry) {
    RecordBuffer out = new RecordBuffer(16);
    EntryCodec.write(out, 17, entry);
    return bytes(out);
  }

  private static ByteBuffer bytes(RecordBuffer out) {
    return out.toWrite().order(ByteOrder.LITTLE_ENDIAN);
  }
}
