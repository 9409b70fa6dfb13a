package io.hdl.data;

import io.hdl.core.identity.Redaction;
import io.hdl.data.cache.CacheListener;

/** Logs what a cache tells, outside a job. A class of its own: a warm start does not load it. */
final class CacheLog implements CacheListener {
  private CacheLog() {}

  static CacheListener listener() {
    return new CacheLog();
  }

  @Override
  public void warning(String text) {
    Surroundings.Log.LOG.warn(Redaction.text(text));
  }

  @Override
  public void notice(String text) {
    Surroundings.Log.LOG.info(Redaction.text(text));
  }
}
