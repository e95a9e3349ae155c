package org.ham.guardian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void whiteSpaceSeparatesWords() {
        assertThat(Words.of("  java -jar\tham.jar\n")).containsExactly("java", "-jar", "ham.jar");
    }

    @Test
    void nothingIsNoWords() {
        assertThat(Words.of(" \t ")).isEmpty();
    }

    @Test
    void quotesKeepWordsTogether() {
        assertThat(Words.of("'a b' \"c d\" e' 'f")).containsExactly("a b", "c d", "e f");
    }

    @Test
    void emptyQuotesAreAWord() {
        assertThat(Words.of("a '' \"\"")).containsExactly("a", "", "");
    }

    @Test
    void aBackslashKeepsTheNextCharacter() {
        assertThat(Words.of("a\\ b \\'c \"d\\\"e\\f\" 'g\\h'")).containsExactly("a b", "'c", "d\"e\\f", "g\\h");
    }

    @Test
    void anOpenQuoteIsRefusedWithWhatIsMissing() {
        assertThatIllegalArgumentException().isThrownBy(() -> Words.of("a 'b")).withMessage("'a 'b' lacks a closing '");
        assertThatIllegalArgumentException().isThrownBy(() -> Words.of("a \"b")).withMessageContaining("closing \"");
        assertThatIllegalArgumentException().isThrownBy(() -> Words.of("a\\")).withMessageContaining("after the last");
    }
}
