package io.hdl.tracking.outbox;

import io.hdl.core.error.HdlException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an outbox tells. */
final class Heard implements OutboxObserver {
  final List<String> texts = Collections.synchronizedList(new ArrayList<>());
  volatile @Nullable OutboxState state;

  @Override
  public void serverAway(HdlException why) {
    texts.add("away");
  }

  @Override
  public void serverBack() {
    texts.add("back");
  }

  @Override
  public void serverAbandoned(HdlException why) {
    texts.add("abandoned: " + why.getMessage());
  }

  @Override
  public void diskFailed(HdlException why) {
    texts.add("disk: " + why.getMessage());
  }

  @Override
  public void warning(String text) {
    texts.add(text);
  }

  @Override
  public void state(OutboxState now) {
    state = now;
  }
}
