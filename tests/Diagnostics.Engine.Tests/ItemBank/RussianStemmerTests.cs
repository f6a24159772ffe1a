using Diagnostics.Engine.ItemBank.Linting;

namespace Diagnostics.Engine.Tests.ItemBank;

public class RussianStemmerTests
{
    // Pairs from the sample vocabulary at snowballstem.org/algorithms/russian/stemmer.html.
    [Theory]
    [InlineData("вавиловка", "вавиловк")]
    [InlineData("вагнера", "вагнер")]
    [InlineData("вагонов", "вагон")]
    [InlineData("вагоном", "вагон")]
    [InlineData("важная", "важн")]
    [InlineData("важнее", "важн")]
    [InlineData("важнейшие", "важн")]
    [InlineData("важнейшими", "важн")]
    [InlineData("важничал", "важнича")]
    [InlineData("важно", "важн")]
    [InlineData("важности", "важност")]
    [InlineData("важностию", "важност")]
    [InlineData("важностью", "важност")]
    [InlineData("вазах", "ваз")]
    [InlineData("вакханка", "вакханк")]
    [InlineData("валандался", "валанда")]
    [InlineData("валериановых", "валерианов")]
    [InlineData("валерию", "валер")]
    [InlineData("валетами", "валет")]
    [InlineData("п", "п")]
    [InlineData("па", "па")]
    [InlineData("павильонам", "павильон")]
    [InlineData("павлиний", "павлин")]
    [InlineData("павлиньим", "павлин")]
    [InlineData("павлыч", "павлыч")]
    [InlineData("падаем", "пада")]
    [InlineData("падал", "пада")]
    [InlineData("падаль", "падал")]
    [InlineData("падающего", "пада")]
    [InlineData("падение", "паден")]
    [InlineData("паденье", "паден")]
    [InlineData("пазух", "пазух")]
    [InlineData("палец", "палец")]
    public void Stems_agree_with_the_published_vocabulary(string word, string stem) => RussianStemmer.Stem(word).Should().Be(stem);

    [Theory]
    [InlineData("учёного", "ученых")]
    [InlineData("мотивация", "мотивации")]
    [InlineData("инклюзивное", "инклюзивным")]
    [InlineData("медианой", "медиану")]
    public void Forms_of_a_word_meet_in_one_stem(string one, string other) =>
        RussianStemmer.Stem(one).Should().Be(RussianStemmer.Stem(other));
}
