package org.ham.linux;

import java.util.Locale;

/** Signal names and numbers of Linux on x86_64 and aarch64, real-time signals as glibc counts them. */
final class SignalNames {
    static final int SIGKILL = 9;

    /** The first real-time signal that programs may use; glibc keeps 32 and 33 for itself. */
    private static final int RTMIN = 34;

    private static final int RTMAX = 64;

    private static final String[] NAMES = {
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS"
    };

    private SignalNames() {}

    static String name(int number) {
        if (number > 0 && number < NAMES.length) {
            return "SIG" + NAMES[number];
        }
        if (number == RTMIN) {
            return "SIGRTMIN";
        }
        return number > RTMIN && number <= RTMAX ? "SIGRTMIN+" + (number - RTMIN) : "SIG" + number;
    }

    static int number(String name) {
        String word = name.strip().toUpperCase(Locale.ROOT);
        String bare = word.startsWith("SIG") ? word.substring(3) : word;
        int number = switch (bare) {
            case "" -> 0;
            case "IOT" -> 6;
            case "CLD" -> 17;
            case "POLL" -> 29;
            default -> Character.isDigit(bare.charAt(0)) ? digits(bare) : byName(bare);
        };
        if (number < 1 || number > RTMAX) {
            throw new IllegalArgumentException("there is no signal '" + name
                    + "'; give a name such as SIGTERM or SIGRTMIN+1, or a number from 1 to " + RTMAX);
        }
        return number;
    }

    private static int byName(String bare) {
        for (int i = 1; i < NAMES.length; i++) {
            if (NAMES[i].equals(bare)) {
                return i;
            }
        }
        if (bare.startsWith("RTMIN")) {
            return realTime(RTMIN, bare.substring(5), '+', 1);
        }
        return bare.startsWith("RTMAX") ? realTime(RTMAX, bare.substring(5), '-', -1) : 0;
    }

    private static int realTime(int base, String rest, char sign, int direction) {
        if (rest.isEmpty()) {
            return base;
        }
        int offset = rest.charAt(0) == sign ? digits(rest.substring(1)) : -1;
        return offset < 0 || offset > RTMAX - RTMIN ? 0 : base + direction * offset;
    }

    /** The number, or -1. */
    private static int digits(String text) {
        return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
    }
}
