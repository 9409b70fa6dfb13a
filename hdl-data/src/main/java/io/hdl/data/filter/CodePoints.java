package io.hdl.data.filter;

/** A text in the order of its code points, which is the order of its UTF-8 bytes. */
record CodePoints(String text) implements Comparable<CodePoints> {
  @Override
  public int compareTo(CodePoints other) {
    int length = Math.min(text.length(), other.text.length());
    for (int i = 0; i < length; i++) {
      char mine = text.charAt(i);
      char theirs = other.text.charAt(i);
      if (mine != theirs) {
        return rank(mine) - rank(theirs);
      }
    }
    return text.length() - other.text.length();
  }

  /** Puts surrogates, of which higher code points are made, above all other chars. */
  private static int rank(char c) {
    return Character.isSurrogate(c) ? c + 0x10000 : c;
  }
}
