namespace EcoLabelRegistry.Tests;

/// <summary>The files of the project, for tests of what is not code.</summary>
public static class Project
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "EcoLabelRegistry.sln")) ? folder
        : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside of the project."));
}
