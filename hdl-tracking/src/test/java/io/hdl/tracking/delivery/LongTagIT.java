package io.hdl.tracking.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.testing.MlflowServer;
import io.hdl.core.testing.MlflowVersion;
import io.hdl.tracking.client.Credentials;
import io.hdl.tracking.client.TrackingClient;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.RunStart;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LongTagIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final RunStart START =
      new RunStart("0123456789abcdef".repeat(2), Optional.empty(), "tags", "n", "u", 1);

  private final List<String> warnings = new ArrayList<>();

  @ParameterizedTest
  @EnumSource
  void isCutToWhatTheServerKeeps(MlflowVersion version) {
    int kept = version == MlflowVersion.OLDEST ? 5000 : 8000;
    try (MlflowServer server = MlflowServer.shared(version)) {
      TrackingServer address = new TrackingServer(server.uri(), Credentials.none());
      Deque<Item> items =
          new ArrayDeque<>(
              List.of(
                  new Item.Tag("before", "1"),
                  new Item.Tag("long", "x".repeat(8000)),
                  new Item.Tag("after", "2")));
      String id;
      try (ServerDestination destination = ServerDestination.of(address, warnings::add)) {
        id = destination.connect(START, LIMIT);
        while (!items.isEmpty()) {
          destination.deliver(START, items, LIMIT);
        }
        assertThat(destination.setAside()).isZero();
      }
      Map<String, String> tags = new HashMap<>();
      try (TrackingClient client = TrackingClient.of(address)) {
        client
            .runs()
            .get(id, LIMIT)
            .orElseThrow()
            .getData()
            .getTagsList()
            .forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
      }
      assertThat(tags)
          .containsEntry("before", "1")
          .containsEntry("long", "x".repeat(kept))
          .containsEntry("after", "2");
      if (kept < 8000) {
        assertThat(warnings).singleElement().asString().contains("\"long\"", "first 5000");
      } else {
        assertThat(warnings).isEmpty();
      }
    }
  }
}
