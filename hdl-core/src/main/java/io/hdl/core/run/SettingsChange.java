package io.hdl.core.run;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Words what differs between two maps of settings, so that a person sees it at a glance. */
public final class SettingsChange {
  private SettingsChange() {}

  /**
   * Each name whose values differ, as in {@code epochs: 10 then, 20 now; seed: 1 then, nothing
   * now}.
   *
   * @param before values of then, by name
   * @param beforeWhen how then is called
   * @param now values of now, by name; names come in its order
   * @param nowWhen how now is called
   * @return empty if nothing differs
   */
  public static String describe(
      Map<String, String> before, String beforeWhen, Map<String, String> now, String nowWhen) {
    Set<String> names = new LinkedHashSet<>(now.keySet());
    names.addAll(before.keySet());
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      String was = before.getOrDefault(name, "nothing");
      String is = now.getOrDefault(name, "nothing");
      if (!was.equals(is)) {
        text.append(text.isEmpty() ? "" : "; ")
            .append(name)
            .append(": ")
            .append(was)
            .append(' ')
            .append(beforeWhen)
            .append(", ")
            .append(is)
            .append(' ')
            .append(nowWhen);
      }
    }
    return text.toString();
  }
}
