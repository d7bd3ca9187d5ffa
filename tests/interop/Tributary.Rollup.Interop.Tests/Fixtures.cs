using Tributary.Testing.Bitcoind;

[assembly: AssemblyFixture(typeof(BitcoindFixture))]
