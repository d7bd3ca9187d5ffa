namespace Tributary.Crypto.Tests.Native;

public sealed class SecpLibraryTests
{
    [Fact]
    public void The_systems_library_is_found_under_one_of_its_sonames() =>
        Assert.Matches(@"^libsecp256k1\.so\.[1-6]$", SecpLibrary.Probe().Value);
}
