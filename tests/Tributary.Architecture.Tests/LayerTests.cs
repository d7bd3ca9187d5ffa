using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Tributary.Architecture.Tests;

/// <summary>Reads what was built, not what was meant: the references of the compiled assemblies and of the project files.</summary>
public sealed class LayerTests
{
    private static string Root => typeof(LayerTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static attribute => string.Equals(attribute.Key, "RepositoryRoot", StringComparison.Ordinal)).Value!;

    public static TheoryData<string> Projects => [.. Directory
        .EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .Select(static path => Path.GetFileNameWithoutExtension(path)["Tributary.".Length..])
        .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_project_has_its_place_in_the_table(string project) =>
        Assert.True(Layers.IsKnown(project), $"Tributary.{project} is not in {nameof(Layers)}: say what it may use.");

    [Theory]
    [MemberData(nameof(Projects))]
    public void Assemblies_only_point_down(string project)
    {
        foreach (var reference in References(project))
        {
            if (reference.StartsWith("Tributary.", StringComparison.Ordinal))
                Assert.True(Layers.Allows(project, reference["Tributary.".Length..]), $"Tributary.{project} may not use {reference}.");
            else if (Layers.OwnersOf(reference) is { } owners)
                Assert.True(owners.Contains(project), $"Tributary.{project} may not use {reference}: it belongs to {string.Join(", ", owners)}.");
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_files_only_point_down(string project)
    {
        var references = XDocument.Load(ProjectFile(project)).Descendants("ProjectReference")
            .Select(static element => Path.GetFileNameWithoutExtension(element.Attribute("Include")!.Value.Replace('\\', '/')));
        foreach (var reference in references)
            Assert.True(Layers.Allows(project, reference["Tributary.".Length..]), $"Tributary.{project} may not name {reference}.");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_project_says_what_it_is_for(string project) =>
        Assert.True(
            File.Exists(Path.Combine(Path.GetDirectoryName(ProjectFile(project))!, "ARCHITECTURE.md")),
            $"Tributary.{project} has no ARCHITECTURE.md.");

    [Fact]
    public void The_solution_holds_every_project()
    {
        var listed = XDocument.Load(Path.Combine(Root, "Tributary.slnx")).Descendants("Project")
            .Select(static element => element.Attribute("Path")!.Value)
            .Order(StringComparer.Ordinal);
        var present = new[] { "src", "tests", "bench" }
            .Select(static folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(static folder => Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories))
            .Select(static path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);
        Assert.Equal(present, listed);
    }

    [Theory]
    [InlineData("Primitives", "Crypto")]
    [InlineData("Crypto", "Bitcoin")]
    [InlineData("Finance", "Bitcoin")]
    [InlineData("Intelligence", "Bitcoin")]
    [InlineData("Bitcoin", "Lightning")]
    [InlineData("Payments", "Server")]
    [InlineData("Storage", "Storage.Sqlite")]
    [InlineData("Lightning", "Storage.Sqlite")]
    public void The_table_refuses_a_wrong_arrow(string from, string to) => Assert.False(Layers.Allows(from, to));

    [Theory]
    [InlineData("Lightning", "Crypto")]
    [InlineData("Rollup", "Primitives")]
    [InlineData("Finance", "Storage")]
    [InlineData("Server", "Storage.Sqlite")]
    public void The_table_allows_what_lies_below(string from, string to) => Assert.True(Layers.Allows(from, to));

    private static string ProjectFile(string project) => Path.Combine(Root, "src", $"Tributary.{project}", $"Tributary.{project}.csproj");

    private static List<string> References(string project)
    {
        // The command line's assembly bears the name that users type.
        var name = string.Equals(project, "Cli", StringComparison.Ordinal) ? "tributary" : $"Tributary.{project}";
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"));
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
