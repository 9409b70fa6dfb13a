package io.hdl.data.cache;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a cache tells. */
final class Heard implements CacheListener {
  final List<String> warnings = new CopyOnWriteArrayList<>();
  final List<String> notices = new CopyOnWriteArrayList<>();
  final List<CacheStatistics> reports = new CopyOnWriteArrayList<>();

  @Override
  public void warning(String text) {
    warnings.add(text);
  }

  @Override
  public void notice(String text) {
    notices.add(text);
  }

  @Override
  public void report(CacheStatistics statistics) {
    reports.add(statistics);
  }
}
