namespace Tributary.Server.Tests.Greenfield;

/// <summary>Tests that pay over one server's channel, one after the other: opening another channel takes longer than all of them.</summary>
[CollectionDefinition(Name)]
public sealed class PaidStoreGroup : ICollectionFixture<RunningServer>
{
    public const string Name = "a store that was paid";
}
