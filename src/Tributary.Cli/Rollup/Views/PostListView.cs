namespace Tributary.Cli.Rollup.Views;

/// <summary>Posts that were handed in again.</summary>
internal sealed record PostListView(IReadOnlyList<PostView> Posts);
