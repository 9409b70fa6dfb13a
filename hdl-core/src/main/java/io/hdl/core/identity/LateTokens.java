package io.hdl.core.identity;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tokens of an identity that is made when it is first needed: the libraries behind it take a tenth
 * of a second to load, and a job whose data is in the cache needs none. Thread-safe.
 */
final class LateTokens implements TokenSource {
  private final Supplier<TokenSource> make;
  private Optional<TokenSource> made = Optional.empty();

  LateTokens(Supplier<TokenSource> make) {
    this.make = make;
  }

  private synchronized TokenSource source() {
    if (made.isEmpty()) {
      made = Optional.of(make.get().cached());
    }
    return made.get();
  }

  @Override
  public AccessToken token(List<String> scopes) {
    return source().token(scopes);
  }

  @Override
  public String description() {
    return source().description();
  }

  /** Itself: it has a cache. */
  @Override
  public TokenSource cached() {
    return this;
  }
}
