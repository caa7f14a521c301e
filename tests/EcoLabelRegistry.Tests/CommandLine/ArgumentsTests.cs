using System.Xml.Linq;
using EcoLabelRegistry.CommandLine;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Resources;

namespace EcoLabelRegistry.Tests.CommandLine;

public sealed class ArgumentsTests
{
    [Theory]
    [InlineData("--urls http://a", "--urls=http://a")]
    [InlineData("--urls=http://a?b=c", "--urls=http://a?b=c")]
    [InlineData("/urls=http://a", "--urls=http://a")]
    [InlineData("/urls http://a", "--urls=http://a")]
    [InlineData("urls=http://a", "--urls=http://a")]
    [InlineData("--URLS http://a", "--URLS=http://a")]
    [InlineData("--Registry:Database=Host=h;Port=1 --Logging:LogLevel:Default Debug", "--Registry:Database=Host=h;Port=1 --Logging:LogLevel:Default=Debug")]
    [InlineData("--environment=Development --contentRoot=/x --applicationName=y", "--environment=Development --contentRoot=/x --applicationName=y")]
    public void Settings_are_handed_on_in_every_form_that_the_configuration_knows(string given, string settings)
    {
        foreach (var before in new[] { true, false })
        {
            string[] words = given.Split(' ');
            var called = Arguments.Read(before ? [.. words, "verify"] : ["verify", .. words]);
            Assert.Equal("verify", called.Command?.Name);
            Assert.Equal(settings.Split(' '), called.Settings);
            Assert.Null(Arguments.Read(words).Command);
            Assert.Equal(settings.Split(' '), Arguments.Read(words).Settings);
        }
    }

    [Fact]
    public void A_command_is_read_with_what_it_works_on_and_its_options()
    {
        var called = Arguments.Read(["restore", "--replace", "/tmp/a=b.db", "--urls=x"]);
        Assert.Equal(("restore", "/tmp/a=b.db"), (called.Command!.Name, called.Operand));
        Assert.Equal(["--replace"], called.Flags);
        Assert.Equal(["--urls=x"], called.Settings);
        Assert.Equal("--replace", Arguments.Read(["backup", "--", "--replace"]).Operand);
        Assert.Equal("urls", Arguments.Read(["backup", "urls"]).Operand);
    }

    [Theory]
    [InlineData("verfy", "'verfy' is no command. Did you mean verify?")]
    [InlineData("bakcup f", "'bakcup' is no command. Did you mean backup?")]
    [InlineData("serve", "'serve' is no command. The commands are verify, backup, restore, export, import; try --help.")]
    [InlineData("Verify", "'Verify' is no command. Did you mean verify?")]
    [InlineData("colour=red", "'colour=red' is no command. The commands are verify, backup, restore, export, import; try --help.")]
    [InlineData("backup", "backup lacks what it works on. The usage is: backup FILE")]
    [InlineData("restore --replace", "restore lacks what it works on. The usage is: restore FILE [--replace]")]
    [InlineData("backup a b", "'b' is one word too many. The usage is: backup FILE")]
    [InlineData("verify a", "'a' is one word too many. The usage is: verify")]
    [InlineData("--url http://a", "--url is no option. Did you mean --urls?")]
    [InlineData("--Registri:Database=x", "--Registri:Database=x is no option. Did you mean --Registry:Database?")]
    [InlineData("--nonsense=1", "--nonsense=1 is no option. Try --help.")]
    [InlineData("-x", "-x is no option. Try --help.")]
    [InlineData("restore f --replcae", "--replcae is no option. Did you mean --replace?")]
    [InlineData("backup f --replace", "--replace is an option of: restore.")]
    [InlineData("--replace", "--replace is an option of: restore.")]
    [InlineData("--urls", "--urls needs a value: --urls=…")]
    [InlineData("verify --Registry:Database --urls=x", "--Registry:Database needs a value: --Registry:Database=…")]
    public void A_wrong_call_is_told_in_one_line(string given, string line)
    {
        var refusal = Assert.Throws<StartupException>(() => Arguments.Read(given.Split(' ')));
        Assert.Equal(line, Start.Explain(refusal, Language.English));
        Assert.Equal(2, Start.ExitCode(refusal));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    [InlineData("backup --help")]
    [InlineData("restore f --urls=x -?")]
    public void Help_is_given_wherever_it_is_asked_for(string given) => Assert.Same(Command.Help, Arguments.Read(given.Split(' ')).Command);

    [Fact]
    public void Help_explains_every_command_in_both_languages() => Assert.All(Command.All, command =>
    {
        Assert.Contains($"EcoLabelRegistry {command.Usage} [SETTING...]", Texts.Of("command.help", Language.English), StringComparison.Ordinal);
        Assert.Contains($"EcoLabelRegistry {command.Usage} [设置...]", Texts.Of("command.help", Language.Chinese), StringComparison.Ordinal);
    });

    [Fact]
    public async Task The_program_explains_itself_and_ends_well()
    {
        var called = await Called.ProgramAsync("--help", "--urls", "http://127.0.0.1:0");
        Assert.Equal((0, ""), (called.ExitCode, called.Error));
        Assert.Equal(Texts.Of("command.help", Language.English), called.Output);
    }

    [Fact]
    public void A_path_on_the_command_line_is_that_of_the_folder_in_which_dotnet_run_is_called()
    {
        var project = XDocument.Load(Path.Combine(Project.Root, "src", "EcoLabelRegistry", "EcoLabelRegistry.csproj"));
        Assert.Equal("false", project.Descendants("EnableDefaultRunWorkingDirectory").Single().Value); // the web SDK's default is the project's folder
    }

    [Theory]
    [InlineData("", "zh_CN.UTF-8", "没有名为“verfy”的命令。您是指 verify 吗？")]
    [InlineData("zh_TW.UTF-8", "en_US.UTF-8", "没有名为“verfy”的命令。您是指 verify 吗？")]
    [InlineData("C.UTF-8", "zh_CN.UTF-8", "'verfy' is no command. Did you mean verify?")]
    public async Task The_program_speaks_the_language_of_the_locale(string all, string lang, string line)
    {
        var locale = new Dictionary<string, string>(StringComparer.Ordinal) { ["LC_ALL"] = all, ["LC_MESSAGES"] = "", ["LANG"] = lang };
        Assert.Equal(new Called(2, "", line), await Called.ProgramInAsync(locale, "verfy"));
    }
}
