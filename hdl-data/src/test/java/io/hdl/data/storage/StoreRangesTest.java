package io.hdl.data.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.LocalObjectStore;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreRangesTest {
  @TempDir private Path folder;

  private final RangeReader ranges = StoreRanges.of(new LocalObjectStore());

  private URI file(String content) throws IOException {
    return Files.writeString(folder.resolve("a b.parquet"), content).toUri();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsARangeIntoBuffersOfEitherKind(boolean direct) throws IOException {
    ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(3) : ByteBuffer.allocate(3);
    StringBuilder text = new StringBuilder();
    try (RangeResponse response = ranges.open(file("0123456789"), 2, 5, RangeReader.ANY_VERSION)) {
      assertThat(response.from()).isEqualTo(2);
      assertThat(response.length()).isEqualTo(5);
      assertThat(response.objectSize()).isEqualTo(10);
      while (response.read(buffer.clear()) >= 0) {
        text.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
      }
    }
    assertThat(text.toString()).isEqualTo("23456");
  }

  @Test
  void pinsAFileByItsTimeAndSize() throws IOException {
    URI uri = file("0123456789");
    String mark;
    try (RangeResponse response = ranges.open(uri, 0, 5, RangeReader.ANY_VERSION)) {
      mark = response.etag().orElseThrow();
    }
    ranges.open(uri, 5, 5, mark).close();
    Files.setLastModifiedTime(Path.of(uri), FileTime.fromMillis(1));
    assertThatThrownBy(() -> ranges.open(uri, 5, 5, mark))
        .isInstanceOf(ObjectChangedException.class)
        .hasMessageContaining("it is another version now");
  }

  @Test
  void tellsAMissingFileAndAShortOne() throws IOException {
    URI uri = file("0123456789");
    assertThatThrownBy(() -> ranges.open(uri, 8, 5, RangeReader.ANY_VERSION))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA))
        .hasMessageContaining("it ends before bytes 8-12; it has 10");
    Files.delete(Path.of(uri));
    assertThatThrownBy(() -> ranges.open(uri, 0, 5, RangeReader.ANY_VERSION))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
        .hasMessageContaining("there is no such object");
  }

  @Test
  void tellsAFileThatIsCutShortWhileItIsRead() throws IOException {
    URI uri = file("0123456789");
    try (RangeResponse response = ranges.open(uri, 0, 10, RangeReader.ANY_VERSION)) {
      assertThat(response.read(ByteBuffer.allocate(4))).isEqualTo(4);
      Files.writeString(Path.of(uri), "0123");
      assertThatThrownBy(() -> response.read(ByteBuffer.allocate(4)))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
          .hasMessageContaining("broke off after 4 of the 10 bytes from 0 on");
    }
  }
}
