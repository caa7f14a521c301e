using EcoLabelRegistry.Database;

namespace EcoLabelRegistry.Tests.Database;

public sealed class RegistryFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("registry-file-").FullName;

    private string File => Path.Combine(_folder, "registry.db");

    [Theory]
    [InlineData("Data Source=registry.db", true)]
    [InlineData("Data Source=:memory:", false)]
    [InlineData("Data Source=x;Mode=Memory;Cache=Shared", false)]
    [InlineData("Data Source=file:registry.db", false)]
    [InlineData("Data Source=", false)]
    public void A_connection_string_names_a_plain_file_or_none(string connectionString, bool isFile) =>
        Assert.Equal(isFile ? Path.GetFullPath("registry.db") : null, RegistryFile.Of(connectionString));

    [Fact]
    public void Several_may_have_a_registry_open_and_nobody_has_it_alone_meanwhile()
    {
        Assert.False(RegistryFile.IsHeld(File));
        Assert.Empty(Directory.GetFiles(_folder));
        using (RegistryFile.Hold(File))
        {
            using (RegistryFile.Hold(File))
            {
                Assert.Null(RegistryFile.HoldAlone(File));
            }

            Assert.True(RegistryFile.IsHeld(File));
            Assert.Null(RegistryFile.HoldAlone(File));
        }

        Assert.False(RegistryFile.IsHeld(File));
    }

    [Fact]
    public void While_somebody_has_it_alone_nobody_opens_it()
    {
        using (RegistryFile.HoldAlone(File))
        {
            Assert.Throws<StartupException>(() => RegistryFile.Hold(File));
            Assert.Null(RegistryFile.HoldAlone(File));
        }

        RegistryFile.Hold(File).Dispose();
    }

    [Fact]
    public void A_folder_that_is_none_is_told()
    {
        System.IO.File.WriteAllText(File, "no folder");
        Assert.Throws<StartupException>(() => RegistryFile.MakeFolder(Path.Combine(File, "registry.db")));
        Assert.Throws<StartupException>(() => RegistryFile.Hold(Path.Combine(_folder, "absent", "registry.db")));
    }

    [Fact]
    public void What_replaces_a_file_takes_its_rights_and_none_of_what_lay_beside_it()
    {
        foreach (var name in new[] { File, File + "-wal", File + "-shm", File + "-journal" })
        {
            System.IO.File.WriteAllText(name, "old");
        }

        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        }

        var by = Path.Combine(_folder, "new");
        System.IO.File.WriteAllText(by, "new");

        RegistryFile.Replace(File, by);

        Assert.Equal([File], Directory.GetFiles(_folder));
        Assert.Equal("new", System.IO.File.ReadAllText(File));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, System.IO.File.GetUnixFileMode(File));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
