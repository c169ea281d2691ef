"""Yes/no questions whose words a sentence has in another relation, or says of a part only."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Says = Callable[[str, str], str | None]

GAS = "The price of oil rose, but the price of gas fell."


@pytest.mark.parametrize(("text", "question", "wanted"), [
    # A name that is denied.
    ("The suspect is not French.", "Is the suspect French?", "no"),
    ("The minister has never been to Mali.", "Has the minister been to Mali?", "no"),
    ("The museum is not in Tarn but in Arlen.", "Is the museum in Tarn?", "no"),
    ("The museum is not in Tarn but in Arlen.", "Is the museum in Arlen?", "yes"),
    # Where something is, or what it is from.
    ("The bomb was under the car.", "Was the bomb in the car?", None),
    ("The bomb was in the car.", "Was the bomb in the car?", "yes"),
    ("The company exports to China.", "Is the company from China?", None),
    ("The company sells phones from China.", "Is the company from China?", None),
    ("The mayor praised the plan.", "Is the mayor against the plan?", None),
    ("Russia condemned the attack.", "Was Russia behind the attack?", None),
    ("The train from Oslo was late.", "Was the train to Oslo late?", None),
    ("The guard at the gate is ill.", "Is the guard at the gate ill?", "yes"),
    ("Nigeria lifted the ban on fishing.", "Has the ban on fishing been lifted?", "yes"),
    # Who did it, and to whom.
    ("The rebels attacked the army.", "Did the army attack the rebels?", None),
    ("The army was attacked by the rebels.", "Did the army attack the rebels?", None),
    ("The rebels were attacked by the army.", "Did the army attack the rebels?", "yes"),
    ("The army captured the city from the rebels.", "Did the rebels capture the city?", None),
    ("The dog bit the postman.", "Did the postman bite the dog?", None),
    ("The firm bought the bank.", "Was the firm bought by the bank?", None),
    ("The president spoke to the minister.", "Did the minister speak to the president?", None),
    ("The general overthrew the president.", "Did the president overthrow the general?", None),
    ("The girl's brother was injured.", "Was the girl injured?", None),
    ("The mayor's deputy resigned.", "Did the mayor resign?", None),
    ("The mayor's resignation came on Friday.", "Did the mayor resign?", "yes"),
    ("The director of the museum bought a painting.", "Did the museum buy a painting?", None),
    ("The students wrote that the dean had lied.", "Did the students lie?", None),
    ("The embassy in Tarn remains closed.", "Is the embassy in Tarn closed?", "yes"),
    # What is compared, or joined.
    ("Gas is cheaper than coal.", "Is coal cheaper than gas?", None),
    ("Coal is cheaper than gas.", "Is coal cheaper than gas?", "yes"),
    ("Exports fell as imports rose.", "Did exports rise?", None),
    (GAS, "Did the price of gas rise?", None),
    (GAS, "Did the price of oil rise?", "yes"),
    # Which one the subject is.
    ("The south gate is open.", "Is the north gate open?", None),
    ("The women's team won.", "Did the men's team win?", None),
    ("The north gate is closed.", "Is the north gate open?", "no"),
])
def test_things_stand_in_the_relation_that_is_asked(
    says: Says, text: str, question: str, wanted: str | None
) -> None:
    assert says(text, question) == wanted


@pytest.mark.parametrize(("text", "question", "wanted"), [
    # To be denied, refused or ruled out is what is asked.
    ("The minister did not deny the claims.", "Did the minister deny the claims?", "no"),
    ("The minister denied the claims.", "Did the minister deny the claims?", "yes"),
    ("The army has not ruled out an attack.", "Has the army ruled out an attack?", "no"),
    ("The minister did not refuse to answer.", "Did the minister refuse to answer?", "no"),
    ("The minister did not refuse to answer.", "Did the minister answer?", None),
    ("Nobody disputes that the mill closed.", "Did the mill close?", None),
    ("The minister failed to win the vote and resigned.", "Did the minister resign?", "yes"),
    ("The mayor was not only fined but jailed.", "Was the mayor fined?", "yes"),
    # "n't" of the first word asks for the same.
    ("The mayor was arrested on Monday.", "Wasn't the mayor arrested?", "yes"),
    ("The gate is not open.", "Isn't the gate open?", "no"),
    ("The gate will open in May.", "Won't the gate open in May?", "yes"),
    # Prevented, avoided, charged, false.
    ("Tourists are banned from visiting the site.", "Can tourists visit the site?", "no"),
    ("The ship was prevented from leaving the port.", "Did the ship leave the port?", "no"),
    ("The ship was prevented from leaving the port.",
     "Was the ship prevented from leaving the port?", "yes"),
    ("The ship avoided sinking.", "Did the ship sink?", "no"),
    ("The man was acquitted of killing his wife.", "Did the man kill his wife?", None),
    ("The minister faces charges of taking bribes.", "Did the minister take bribes?", None),
    ("The minister is on trial for taking bribes.", "Did the minister take bribes?", None),
    ("The minister allegedly took bribes.", "Did the minister take bribes?", None),
    ("Reports that the minister took bribes were false.", "Did the minister take bribes?", None),
    ("Lawyers argued that the king was innocent.", "Was the king innocent?", None),
    ("Some doctors doubt that the drug works.", "Does the drug work?", None),
    ("It was false that the minister took bribes.", "Did the minister take bribes?", None),
    # What is to come.
    ("The president will resign on Monday.", "Did the president resign?", None),
    ("The president will resign on Monday.", "Will the president resign?", "yes"),
    ("The bridge will be built by 2030.", "Has the bridge been built?", None),
    ("The dam is due to be finished in 2026.", "Is the dam finished?", None),
    ("The factory may close.", "Will the factory close?", None),
    ("The trial begins on Monday.", "Has the trial begun?", None),
    ("Visitors can touch the rays.", "Are visitors allowed to touch the rays?", "yes"),
    ("The airline cancelled 40 flights.", "Did the airline cancel more than 30 flights?", "yes"),
])
def test_what_is_denied_charged_or_to_come(
    says: Says, text: str, question: str, wanted: str | None
) -> None:
    assert says(text, question) == wanted


@pytest.mark.parametrize(("text", "question", "wanted"), [
    # A question within the question, or one that says nothing of what it names.
    ("The mayor resigned on Friday.", "Did the mayor say why she resigned?", None),
    ("The mayor explained why she resigned.", "Did the mayor explain why she resigned?", "yes"),
    ("It is clear the fire started in a barn.", "Is it clear who started the fire?", None),
    ("The report praised Ann Bell.", "Did Ann Bell say why?", None),
    ("The report praised Ann Bell.", "Was Ann Bell there?", None),
    ("Ann Bell is French.", "Is Ann Bell French?", "yes"),
    # Numbers with what scales them, and years.
    ("The project cost 2 million dollars.",
     "Did the project cost more than 500,000 dollars?", "yes"),
    ("Two thousand people attended.", "Did more than 100 people attend?", "yes"),
    ("Two thousand people attended.", "Did fewer than 100 people attend?", "no"),
    ("The flood killed 5,000 people.", "Did the flood kill 5 thousand people?", None),
    ("Inflation rose in 2022.", "Did inflation rise in 2023?", None),
    ("The bridge was built in 1922.", "Was the bridge built in 1923?", "no"),
    # A part, or not to the full degree.
    ("Almost all passengers were rescued.", "Were all passengers rescued?", None),
    ("All but two passengers were rescued.", "Were all passengers rescued?", None),
    ("The dam is far from complete.", "Is the dam complete?", None),
    ("The reservoir is 40 percent full.", "Is the reservoir full?", None),
    ("The reservoir is full.", "Is the reservoir full?", "yes"),
    ("Little of the money was returned.", "Was the money returned?", None),
    ("Half of the money was returned.", "Was the money returned?", None),
    ("Half of the money was returned.", "Was half of the money returned?", "yes"),
    ("The tax is anything but popular.", "Is the tax popular?", None),
    ("The fever is rarely deadly.", "Is the fever deadly?", None),
])
def test_how_much_of_what_is_asked_a_sentence_says(
    says: Says, text: str, question: str, wanted: str | None
) -> None:
    assert says(text, question) == wanted
