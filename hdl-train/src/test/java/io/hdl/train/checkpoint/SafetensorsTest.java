package io.hdl.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  @TempDir Path folder;

  private static byte[] bytes(Safetensors content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    content.writeTo(out);
    return out.toByteArray();
  }

  private static Safetensors sample() {
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    tensors.put(
        "weight", new Safetensors.Tensor(List.of(2L, 3L), new float[] {1, 2, 3, 4, 5, -0.0f}));
    tensors.put("scalar", new Safetensors.Tensor(List.of(), new float[] {Float.NaN}));
    tensors.put("none", Safetensors.Tensor.of(new float[0]));
    return new Safetensors(tensors, Map.of("model", "nhits"));
  }

  @Test
  void writesWhatTheFormatSays() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(bytes(sample())).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) bytes.getLong();
    assertThat(header % 8).isZero();
    byte[] json = new byte[header];
    bytes.get(json);
    assertThat(new String(json, StandardCharsets.UTF_8).strip())
        .isEqualTo(
            "{\"__metadata__\":{\"model\":\"nhits\"},"
                + "\"weight\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]},"
                + "\"scalar\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[24,28]},"
                + "\"none\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[28,28]}}");
    assertThat(bytes.remaining()).isEqualTo(28);
    assertThat(bytes.getFloat(8 + header + 4)).isEqualTo(2f);
  }

  @Test
  void comesBackBitForBit() throws IOException {
    Path file = folder.resolve("x.safetensors");
    float[] many = new float[200_001];
    for (int i = 0; i < many.length; i++) {
      many[i] = Float.intBitsToFloat(i * 7919);
    }
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>(sample().tensors());
    tensors.put("many", Safetensors.Tensor.of(many));
    Files.write(file, bytes(new Safetensors(tensors, Map.of("a", "ä"))));
    Safetensors read = Safetensors.read(file);
    assertThat(read.tensors().keySet()).containsExactly("weight", "scalar", "none", "many");
    assertThat(read.metadata()).containsEntry("a", "ä");
    tensors.forEach(
        (name, tensor) -> {
          Safetensors.Tensor back = Objects.requireNonNull(read.tensors().get(name));
          assertThat(back.shape()).isEqualTo(tensor.shape());
          assertThat(rawBits(back.values())).isEqualTo(rawBits(tensor.values()));
        });
  }

  private static int[] rawBits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  @Test
  void namesAFileThatIsNone() throws IOException {
    Path file = folder.resolve("x.safetensors");
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("x.safetensors");
    for (String content : new String[] {"", "abc", "\u0005\0\0\0\0\0\0\0[1,2]"}) {
      Files.writeString(file, content);
      HdlException corrupt = catchThrowableOfType(HdlException.class, () -> Safetensors.read(file));
      assertThat(corrupt.code()).isEqualTo(ErrorCode.CORRUPT_DATA);
      assertThat(corrupt).hasMessageContaining("x.safetensors");
    }
    byte[] half = bytes(sample());
    Files.write(
        file,
        new String(half, StandardCharsets.ISO_8859_1)
            .replace("F32", "F16")
            .getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("holds F16 (expected: F32)");
  }
}
