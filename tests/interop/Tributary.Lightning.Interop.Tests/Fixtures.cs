using Tributary.Testing.Bitcoind;
using Tributary.Testing.Ldk;

[assembly: AssemblyFixture(typeof(BitcoindFixture))]
[assembly: AssemblyFixture(typeof(LdkFixture))]
