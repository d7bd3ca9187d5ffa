using Tributary.Testing.Bitcoind;
using Tributary.Testing.Postgres;

[assembly: AssemblyFixture(typeof(BitcoindFixture))]
[assembly: AssemblyFixture(typeof(PostgresFixture))]
