import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ham.client.HamClient;
import org.ham.recovery.Backoff;
import org.ham.recovery.Connection;
import org.ham.recovery.Recovery;
import org.ham.recovery.Target;
import org.ham.recovery.ham.EntityRetry;

/**
 * Pays into an account, one transaction after the other, until its standard input ends, and then says what came of it. The database may
 * be killed and restarted as often as one likes: what retries transactions sees no error. {@code Teller PORT-FILE}
 */
final class Teller {
    private static final int REPORT_EVERY = 50;

    /** What says that a transaction is to be tried again, by the database's own rules. */
    private static final Set<String> AGAIN = Set.of("40001", "40P01");

    private Teller() {}

    /** A session at the database, and the statement it forgets with it. */
    private record Session(java.sql.Connection jdbc, PreparedStatement pay) implements Closeable {
        static Session open(Path portFile) throws IOException {
            try {
                var url = "jdbc:postgresql://127.0.0.1:" + Files.readString(portFile).strip()
                        + "/postgres?user=teller&loginTimeout=5&socketTimeout=20";
                var jdbc = DriverManager.getConnection(url);
                try (var statement = jdbc.createStatement()) {
                    statement.execute("create table if not exists account (balance int not null)");
                    statement.execute("create table if not exists paid (number int primary key)");
                    statement.execute("insert into account select 0 where not exists (select from account)");
                }
                // Paid twice it is paid once: that is what makes the transaction safe to repeat.
                var pay = jdbc.prepareStatement("with new as (insert into paid values (?) on conflict do nothing returning 1)"
                        + " update account set balance = balance + 1 where exists (select from new)");
                jdbc.setAutoCommit(false);
                return new Session(jdbc, pay);
            } catch (SQLException e) {
                throw new IOException("cannot open a session: " + e.getMessage(), e);
            }
        }

        void pay(int number) throws SQLException {
            pay.setInt(1, number);
            pay.executeUpdate();
            jdbc.commit();
        }

        void undo() throws Lost {
            try {
                jdbc.rollback();
            } catch (SQLException e) {
                throw new Lost(e);
            }
        }

        int balance() throws SQLException {
            try (var statement = jdbc.createStatement();
                    var row = statement.executeQuery("select balance from account")) {
                row.next();
                var balance = row.getInt(1);
                jdbc.commit();
                return balance;
            }
        }

        @Override
        public void close() throws IOException {
            try {
                jdbc.close();
            } catch (SQLException e) {
                throw new IOException(e);
            }
        }
    }

    /** The session is gone, as the driver or the database says. */
    private static final class Lost extends IOException {
        Lost(SQLException why) {
            super(why.getMessage(), why);
        }
    }

    private interface Work<T> {
        T on(Session session) throws SQLException;
    }

    /** The application's own retry of transactions, as it would be without the library. */
    private static final class Transactions {
        private final Connection<Session> connection;
        private int retries;
        private int errors;

        Transactions(Connection<Session> connection) {
            this.connection = connection;
        }

        <T> T run(Work<T> work) throws IOException {
            while (true) {
                try {
                    return connection.call(session -> carryOut(session, work));
                } catch (IOException e) {
                    if (e.getCause() instanceof SQLException sql && AGAIN.contains(sql.getSQLState())) {
                        retries++;
                    } else {
                        errors++;
                        throw e;
                    }
                }
            }
        }

        private static <T> T carryOut(Session session, Work<T> work) throws IOException {
            try {
                return work.on(session);
            } catch (SQLException e) {
                var state = String.valueOf(e.getSQLState());
                // 08: connection exception; 57P: the server goes down, or comes up
                if (state.startsWith("08") || state.startsWith("57P")) {
                    throw new Lost(e);
                }
                session.undo();
                throw new IOException(e);
            }
        }
    }

    public static void main(String[] words) throws IOException {
        var over = new AtomicBoolean();
        Thread.ofPlatform().daemon().start(() -> awaitEnd(over));
        var target = Target.of("postgres", () -> Session.open(Path.of(words[0])), Lost.class::isInstance);
        try (var ham = HamClient.connect();
                var connection = Connection.open(
                        target, Recovery.retrying(new EntityRetry(ham, "postgres", Backoff.usual())))) {
            var transactions = new Transactions(connection);
            var before = transactions.run(Session::balance);
            var number = before;
            while (!over.get()) {
                var next = ++number;
                transactions.run(session -> {
                    session.pay(next);
                    return next;
                });
                if (number % REPORT_EVERY == 0) {
                    System.err.println("at " + number);
                }
            }
            var seen = connection.statistics();
            System.err.println("paid " + number + " balance " + transactions.run(Session::balance));
            System.err.println("errors " + transactions.errors + " retries " + transactions.retries);
            System.err.println("recoveries " + seen.succeeded() + " attempts " + seen.attempts() + " longest away "
                    + seen.longestAway().toMillis() + " ms");
        }
    }

    private static void awaitEnd(AtomicBoolean over) {
        try {
            while (System.in.read() >= 0) {
                // Only its end says something.
            }
        } catch (IOException e) {
            System.err.println("standard input: " + e.getMessage());
        }
        over.set(true);
    }
}
