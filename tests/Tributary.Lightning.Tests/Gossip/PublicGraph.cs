using Tributary.Lightning.Gossip;

namespace Tributary.Lightning.Tests.Gossip;

/// <summary>The public network for tests, loaded once; the test is skipped where it is absent.</summary>
internal static class PublicGraph
{
    private static readonly Lazy<NetworkGraph?> s_graph = new(PublicGraphFile.Load);

    internal static NetworkGraph Graph
    {
        get
        {
            Assert.SkipWhen(s_graph.Value is null, $"{PublicGraphFile.Relative} or the program xz is not here: set TRIBUTARY_DATA to the folder that holds the data.");
            return s_graph.Value!;
        }
    }
}
