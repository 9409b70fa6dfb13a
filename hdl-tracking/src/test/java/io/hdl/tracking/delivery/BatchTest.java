package io.hdl.tracking.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.tracking.outbox.Item;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mlflow.api.proto.Service;
import org.mlflow_project.google.protobuf.util.JsonFormat;

class BatchTest {
  @Test
  void holdsToTheServersLimits() {
    assertThat(Batch.head(metrics(2500, 1.0)).items()).hasSize(1000);
    assertThat(Batch.head(params(250, 10)).items()).hasSize(100);
    assertThat(Batch.head(tags(250)).items()).hasSize(100);

    List<Item> mixed = new ArrayList<>(params(100, 10));
    mixed.addAll(tags(100));
    mixed.addAll(metrics(2000, 1.0));
    assertThat(Batch.head(mixed).items()).hasSize(1000);
  }

  @Test
  void staysBelowAMillionCharacters() {
    List<Item> large = params(100, 6000);
    List<Item> awkward = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      awkward.add(new Item.Tag("t" + i, "\u0001\"<\\".repeat(2000)));
    }
    for (List<Item> items : List.of(large, awkward)) {
      Batch batch = Batch.head(items);
      assertThat(batch.items()).isNotEmpty();
      assertThat(batch.request("0".repeat(32)).remaining()).isLessThan(1_000_000);
    }
    assertThat(Batch.head(awkward).items()).hasSizeLessThan(100);
  }

  /** What mlflow-client's message says is what is sent, though it is written without one. */
  @Test
  void saysTheSameAsMlflowsMessage() throws Exception {
    Random random = new Random(7);
    List<Item> items = new ArrayList<>();
    Service.LogBatch.Builder message = Service.LogBatch.newBuilder().setRunId("run \"1\"");
    for (int i = 0; i < 300; i++) {
      String key = "train/größe_" + i + " a.b-c/😀";
      double value =
          switch (i) {
            case 0 -> Double.NaN;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> Double.NEGATIVE_INFINITY;
            default -> Double.longBitsToDouble(random.nextLong());
          };
      long time = random.nextLong();
      items.add(new Item.Metric(key, value, time, -time));
      message.addMetricsBuilder().setKey(key).setValue(value).setTimestamp(time).setStep(-time);
      if (i % 10 == 0) {
        String text = "\u0001<\"\\&'=>\u007f\u2028é\n😀" + "x".repeat(i);
        items.add(new Item.Param("p" + i, text));
        message.addParamsBuilder().setKey("p" + i).setValue(text);
        items.add(new Item.Tag("t" + i, text));
        message.addTagsBuilder().setKey("t" + i).setValue(text);
      }
    }
    assertThat(said(new Batch(items), "run \"1\"")).isEqualTo(message.build());
    Batch one = new Batch(List.of(new Item.Tag("a", "b")));
    assertThat(text(one, "r"))
        .isEqualTo("{\"run_id\":\"r\",\"tags\":[{\"key\":\"a\",\"value\":\"b\"}]}");
  }

  private static String text(Batch batch, String run) {
    return StandardCharsets.UTF_8.decode(batch.request(run)).toString();
  }

  private static Service.LogBatch said(Batch batch, String run) throws Exception {
    Service.LogBatch.Builder read = Service.LogBatch.newBuilder();
    JsonFormat.parser().merge(text(batch, run), read);
    return read.build();
  }

  @Test
  void sendsNaNsApart() {
    List<Item> items = new ArrayList<>();
    items.addAll(metrics(3, 1.0));
    items.addAll(metrics(2, Double.NaN));
    items.addAll(metrics(1, 2.0));

    Batch batch = Batch.head(items);
    assertThat(batch.items()).hasSize(6);
    assertThat(batch.parts()).hasSize(2);
    assertThat(batch.parts().get(0).items()).hasSize(4);
    assertThat(batch.parts().get(1).items()).isEqualTo(items.subList(3, 5));
    assertThat(Batch.head(items.subList(4, 5)).isSingleNaN()).isTrue();
    assertThat(Batch.head(items.subList(5, 6)).isSingleNaN()).isFalse();
    assertThat(Batch.head(items.subList(3, 5)).parts()).hasSize(1);
    assertThat(Batch.head(List.of()).parts()).isEmpty();
  }

  @Test
  void endsBeforeAnItemOfAnotherKind() {
    List<Item> items = new ArrayList<>(metrics(2, 1.0));
    items.add(new Item.Upload("model", Path.of("model")));
    items.addAll(metrics(2, 1.0));

    assertThat(Batch.head(items).items()).hasSize(2);
    assertThat(Batch.head(items.subList(2, 5)).isEmpty()).isTrue();
  }

  @Test
  void splitsWithoutLosingAnything() {
    Batch batch = Batch.head(metrics(7, 1.0));
    List<Item> parts = new ArrayList<>(batch.firstHalf().items());
    parts.addAll(batch.secondHalf().items());
    assertThat(parts).isEqualTo(batch.items());
  }

  private static List<Item> metrics(int count, double value) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(new Item.Metric("m", value, i, i));
    }
    return items;
  }

  private static List<Item> params(int count, int length) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(new Item.Param("p" + i, "x".repeat(length)));
    }
    return items;
  }

  private static List<Item> tags(int count) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(new Item.Tag("t" + i, "x"));
    }
    return items;
  }
}
