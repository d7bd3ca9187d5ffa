namespace Tributary.Crypto.Tests.Keys;

/// <summary>Tests that watch the collector run while no other test does.</summary>
[CollectionDefinition(nameof(SecretBytesTests), DisableParallelization = true)]
public sealed class SecretBytesTestsAlone;
